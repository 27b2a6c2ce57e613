import { DescribeImagesCommand, ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import type { Credentials } from "./engines";
import { ImageError } from "./image-error";

/** One environment's repository in Amazon ECR. */
export interface RepositoryProps {
  readonly accountId: string;
  readonly region: string;
  readonly repository: string;
  /** The stack that creates it. */
  readonly stack: string;
}

/** What ECR says about a repository; asked directly, so that no AWS command line is needed. */
export class Registry {
  private readonly client: ECRClient;

  constructor(private readonly props: RepositoryProps) {
    this.client = new ECRClient({ region: props.region });
  }

  /**
   * Whether the tag is there already: tags are immutable, and the same tag means the same content.
   * @throws ImageError when the repository is missing or AWS refuses.
   */
  async has(tag: string): Promise<boolean> {
    const { accountId, repository } = this.props;
    try {
      await this.client.send(
        new DescribeImagesCommand({
          registryId: accountId,
          repositoryName: repository,
          imageIds: [{ imageTag: tag }],
        }),
      );
      return true;
    } catch (error) {
      if ((error as Error).name === "ImageNotFoundException") return false;
      throw this.explain(error, "ecr:DescribeImages");
    }
  }

  /** What the engine logs in with, good for twelve hours. @throws ImageError when AWS refuses. */
  async credentials(): Promise<Credentials> {
    try {
      const { authorizationData } = await this.client.send(new GetAuthorizationTokenCommand({}));
      const token = authorizationData?.[0]?.authorizationToken ?? "";
      const [user = "", password = ""] = Buffer.from(token, "base64").toString("utf8").split(":");
      return { user, password };
    } catch (error) {
      throw this.explain(error, "ecr:GetAuthorizationToken");
    }
  }

  close(): void {
    this.client.destroy();
  }

  private explain(cause: unknown, action: string): ImageError {
    const { name } = cause as Error;
    const message = (cause as Error).message.replace(/[.\s]*$/, ".");
    const { accountId, region, repository, stack } = this.props;
    const place = `account ${accountId}, region ${region}`;
    if (name === "RepositoryNotFoundException") {
      const advice = `Apply ${stack} first: npx cdktf deploy ${stack}`;
      return new ImageError(`There is no repository ${repository} in ${place}. ${advice}`, { cause });
    }
    if (SIGNED_OUT.has(name)) {
      const advice = "Log in (aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID) and try again.";
      return new ImageError(`Not logged in to AWS: ${message} ${advice}`, { cause });
    }
    if (name === "AccessDeniedException") {
      const advice = `Allow ${action}, or log in to ${place}.`;
      return new ImageError(`AWS refuses ${action}: ${message} ${advice}`, { cause });
    }
    return new ImageError(`ECR in ${place} did not answer ${action}: ${name}: ${message}`, { cause });
  }
}

/** What the SDK and ECR call credentials that are missing, wrong or too old. */
const SIGNED_OUT: ReadonlySet<string> = new Set([
  "CredentialsProviderError",
  "TokenProviderError",
  "ExpiredTokenException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
]);
