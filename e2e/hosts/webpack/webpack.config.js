import HtmlPlugin from "html-webpack-plugin";
import CssPlugin from "mini-css-extract-plugin";

export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "[name].[contenthash].js", clean: true, trustedTypes: true },
  module: { rules: [{ test: /\.css$/, use: [CssPlugin.loader, "css-loader"] }] },
  plugins: [new CssPlugin(), new HtmlPlugin({ title: "webpack" })],
};
