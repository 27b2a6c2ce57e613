import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Names, namesOf } from "../../stacks/environment/naming";
import { contentTag } from "./content-tag";
import { type Engine, findEngine } from "./engines";
import type { LoadedEnvironment } from "./environment-file";
import { ImageError } from "./image-error";
import { pinImage } from "./pin";
import { Registry } from "./registry";

/** What to do it with. */
export interface HandOverProps {
  /** The repository. */
  readonly root: string;
  readonly environment: LoadedEnvironment;
  /** One image with Node, in place of the Dockerfile's base images. @default - the Dockerfile's own */
  readonly nodeImage?: string;
  readonly say: (line: string) => void;
}

/** Brings the image of this work tree to one environment: built for its architecture, pushed, pinned. */
export class HandOver {
  /** Of this content, for this environment's architecture. */
  readonly tag: string;
  private readonly names: Names;
  private readonly baseImage: { readonly nodeImage?: string };

  constructor(private readonly props: HandOverProps) {
    const { root, environment, nodeImage } = props;
    this.baseImage = nodeImage === undefined ? {} : { nodeImage };
    this.names = namesOf(environment.config);
    const architecture = environment.config.worker.cpuArchitecture;
    this.tag = contentTag({ root, architecture, ...this.baseImage });
  }

  /** @returns the engine that holds the image now. @throws ImageError */
  async build(): Promise<Engine> {
    const { config } = this.props.environment;
    const engine = await findEngine();
    this.props.say(`Building ${this.reference} with ${engine.name}`);
    const platform = config.worker.cpuArchitecture === "ARM64" ? "linux/arm64" : "linux/amd64";
    await engine.build({ reference: this.reference, platform, ...this.baseImage });
    return engine;
  }

  /** Builds and pushes, unless the repository has this content already. @throws ImageError */
  async push(): Promise<void> {
    const { config, file } = this.props.environment;
    if (config.emulator) {
      throw new ImageError(
        `${file} is for an emulator, which runs no containers: there is nowhere to push to.`,
      );
    }
    const { accountId, region } = config;
    const { repository, registryStack } = this.names;
    const registry = new Registry({ accountId, region, repository, stack: registryStack });
    try {
      if (await registry.has(this.tag)) {
        this.props.say(`${this.reference} is there already`);
        return;
      }
      const engine = await this.build();
      await engine.login(this.names.repositoryUrl.split("/")[0] ?? "", await registry.credentials());
      await engine.push(this.reference);
      this.props.say(`Pushed ${this.reference}`);
    } finally {
      registry.close();
    }
  }

  /** Writes the tag into the environment file, so that the next plan shows the new image. @throws ImageError */
  pin(): void {
    const { root, environment, say } = this.props;
    const { file, config } = environment;
    const current = config.worker.image;
    if (current === this.tag) {
      say(`${file} is pinned to it already`);
      return;
    }
    const path = join(root, file);
    const source = pinImage({ file, source: readFileSync(path, "utf8"), current, tag: this.tag });
    writeFileSync(path, source);
    say(
      `Pinned ${file}: image "${current}" is now "${this.tag}". Commit it, then deploy ${this.names.ingesterStack}.`,
    );
  }

  private get reference(): string {
    return `${this.names.repositoryUrl}:${this.tag}`;
  }
}
