import HtmlPlugin from "html-webpack-plugin";

export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "[name].[contenthash].js", clean: true, trustedTypes: true },
  module: { rules: [{ test: /\.css$/, use: ["style-loader", "css-loader"] }] },
  plugins: [new HtmlPlugin({ title: "webpack" })],
};
