import { capture } from "../image/child";
import type { EngineName } from "../image/engines";
import { ImageError } from "../image/image-error";

/** What an image says about how it is to be run. */
export interface ImageConfig {
  readonly command: readonly string[];
  /** Without Docker's leading word `CMD`. */
  readonly healthCheck: readonly string[];
}

/** The parts of the engines' answers that are read here; each engine has its own place for them. */
interface Inspected {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Healthcheck?: { readonly Test?: readonly string[] };
  readonly Config?: Inspected;
  readonly Docker?: { readonly config: Inspected };
}

/** @throws ImageError when there is no such image. */
export async function imageConfig(engine: EngineName, image: string): Promise<ImageConfig> {
  const args = engine === "buildah" ? ["inspect", "--type", "image", image] : ["image", "inspect", image];
  const { code, stdout, stderr } = await capture(engine, args);
  if (code !== 0) throw new ImageError(`${engine} has no image ${image}: ${stderr.trim()}`);
  const [inspected] = [JSON.parse(stdout) as Inspected | readonly Inspected[]].flat() as readonly Inspected[];
  const config = inspected?.Docker?.config ?? inspected?.Config ?? {};
  const [, ...healthCheck] = config.Healthcheck?.Test ?? inspected?.Healthcheck?.Test ?? [];
  return { command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])], healthCheck };
}
