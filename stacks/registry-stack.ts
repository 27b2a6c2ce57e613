import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack } from "./base-stack";
import { GithubRoles } from "./constructs/aws/github-roles";
import { ImageRepository } from "./constructs/storage/image-repository";
import { TokenSecret } from "./constructs/storage/token-secret";
import type { EnvironmentConfig, GithubConfig } from "./environment/environment";
import type { Names } from "./environment/naming";
import { changePermissions, readPermissions } from "./github/permissions";

/** The repository and the empty secret, which must exist before an image can be pushed or a task can start. */
export class RegistryStack extends BaseStack {
  constructor(scope: Construct, names: Names, config: EnvironmentConfig) {
    super(scope, names.registryStack, config);
    if (config.registry?.repositoryArn === undefined) this.addRepository(names, config);
    const secretArn = names.hasOwnToken ? this.addSecret(names, config) : names.tokenSecretArn;
    if (config.github) this.letGithubIn(names, config, config.github);
    const outputs = {
      repository_url: names.repositoryUrl,
      repository_arn: names.repositoryArn,
      ...(names.hasOwnToken ? { token_secret_name: names.tokenSecret } : {}),
      token_secret_arn: secretArn,
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(this, name, { value });
  }

  private addRepository(names: Names, { registry = {}, deletable, kmsKeyArn }: EnvironmentConfig): void {
    const { keepImages, useKmsKey = true } = registry;
    new ImageRepository(this, "image_repository", {
      repositoryName: names.repository,
      ...(keepImages === undefined ? {} : { keepImages }),
      deletable,
      kmsKeyArn: useKmsKey ? kmsKeyArn : undefined,
    });
  }

  /** @returns the ARN of the secret once created */
  private addSecret(names: Names, { token = {}, deletable, kmsKeyArn }: EnvironmentConfig): string {
    const { recoveryWindowDays } = token;
    return new TokenSecret(this, "x_token", {
      secretName: names.tokenSecret,
      ...(recoveryWindowDays === undefined ? {} : { recoveryWindowDays }),
      deletable,
      kmsKeyArn,
    }).createdArn;
  }

  /** In this stack, because it is deployed by hand first, and the pipeline must not change its own roles. */
  private letGithubIn(names: Names, config: EnvironmentConfig, github: GithubConfig): void {
    const { after, ...roleProps } = github;
    const roles = new GithubRoles(this, "github", {
      ...roleProps,
      location: names.location,
      githubEnvironment: config.environment,
      planRoleName: names.githubPlanRole,
      applyRoleName: names.githubApplyRole,
      readPermissions: readPermissions(config),
      changePermissions: changePermissions(config),
    });
    // The workflows find their roles here.
    new TerraformOutput(this, "github_plan_role_arn", { value: roles.planRoleArn });
    new TerraformOutput(this, "github_apply_role_arn", { value: roles.applyRoleArn });
    if (after) new TerraformOutput(this, "github_apply_after", { value: after });
  }
}
