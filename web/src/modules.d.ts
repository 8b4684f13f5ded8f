declare module "virtual:map-worker" {
  const source: string;
  export default source;
}

declare module "virtual:map-licence" {
  const text: string;
  export default text;
}
