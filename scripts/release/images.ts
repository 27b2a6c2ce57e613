/** The image for both architectures, as far as this machine can build it. Nothing is pushed. */
import { type Engine, findEngine } from "../image/engines";
import { ImageError } from "../image/image-error";

export interface BuiltImage {
  readonly platform: (typeof PLATFORMS)[number];
  readonly reference: string;
}

export interface Images {
  readonly built: readonly BuiltImage[];
  /** One line for each image that is missing, with the reason. */
  readonly leftOut: readonly string[];
}

/** What the release workflow publishes; its test compares. */
export const PLATFORMS = ["linux/amd64", "linux/arm64"] as const;

/** @param nodeImage in place of the Dockerfile's base images; it has one architecture alone */
export async function buildImages(version: string, nodeImage: string | undefined): Promise<Images> {
  const engine = await engineOrReason();
  if (typeof engine === "string") return { built: [], leftOut: [`images: ${engine}`] };
  const own = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
  const platforms = nodeImage === undefined ? PLATFORMS : PLATFORMS.filter((platform) => platform === own);
  const built: BuiltImage[] = [];
  const leftOut = PLATFORMS.filter((platform) => !platforms.includes(platform)).map(
    (platform) => `image for ${platform}: ${nodeImage} is for ${own}`,
  );
  for (const platform of platforms) {
    const reference = `localhost/ingester:${version}-${platform.replace("linux/", "")}`;
    try {
      await engine.build({ reference, platform, ...(nodeImage !== undefined && { nodeImage }) });
      built.push({ platform, reference });
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      leftOut.push(`image for ${platform}: ${error.message}`);
    }
  }
  return { built, leftOut };
}

async function engineOrReason(): Promise<Engine | string> {
  try {
    return await findEngine();
  } catch (error) {
    if (error instanceof ImageError) return "no container engine answers";
    throw error;
  }
}
