import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { ImageRepository } from "./constructs/image-repository";
import { TokenSecret } from "./constructs/token-secret";
import type { EnvironmentConfig } from "./environment";
import type { Names } from "./naming";

/** What must exist before an image can be pushed or a task can start: the repository and the empty secret. */
export class RegistryStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.registryStack, config);
    const key = config.kmsKeyArn ? { kmsKeyArn: config.kmsKeyArn } : {};
    const repository = new ImageRepository(this, "image_repository", {
      repositoryName: names.repository,
      ...config.registry,
      ...key,
    });
    const { recoveryWindowDays } = config.token ?? {};
    const secret = new TokenSecret(this, "x_token", {
      secretName: names.tokenSecret,
      ...(recoveryWindowDays === undefined ? {} : { recoveryWindowDays }),
      ...key,
    });
    new TerraformOutput(this, "repository_url", { value: repository.repositoryUrl });
    new TerraformOutput(this, "token_secret_name", { value: secret.secretName });
  }
}
