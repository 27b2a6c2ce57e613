import { capture } from "../image/child";
import { BuildahContainer } from "./buildah-container";
import type { Container, ContainerProps } from "./container";
import { EngineContainer } from "./engine-container";
import { imageConfig } from "./image-config";

/** Starts the image's own command. */
export async function startContainer(props: ContainerProps): Promise<Container> {
  if (props.engine !== "buildah") return new EngineContainer(props);
  const { command } = await imageConfig(props.engine, props.image);
  // A working container first: unlike the others, buildah runs commands in something that exists already.
  await capture("buildah", ["from", "--pull-never", "--name", props.name, props.image]);
  return new BuildahContainer(props, command);
}
