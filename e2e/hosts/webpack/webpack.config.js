import HtmlPlugin from "html-webpack-plugin";
import CssPlugin from "mini-css-extract-plugin";

export default {
  mode: "production",
  entry: "./src/main.js",
  output: { filename: "[name].[contenthash].js", clean: true, trustedTypes: true },
  // Style sheets that a package fetches by itself, by `new URL`, are left as they are.
  module: { rules: [{ test: /\.css$/, dependency: { not: ["url"] }, use: [CssPlugin.loader, "css-loader"] }] },
  plugins: [new CssPlugin(), new HtmlPlugin({ title: "webpack" })],
};
