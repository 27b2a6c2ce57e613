import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";
import { jsonDocument } from "../terraform/json-document";
import { type DeletableProps, keptUnless } from "../terraform/kept";

export interface ImageRepositoryProps extends DeletableProps {
  /** 2 to 256 lower-case letters, digits and single separators. */
  readonly repositoryName: string;
  /**
   * How many images to keep, newest first.
   * @default 20
   */
  readonly keepImages?: number;
  /**
   * Customer-managed key.
   * @default - ECR's own AES-256 encryption
   */
  readonly kmsKeyArn?: string | undefined;
}

/** The repository of the ingester's images: tags are immutable, pushes are scanned, old images expire. */
export class ImageRepository extends Construct {
  readonly repositoryUrl: string;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    checkAtSynth(this, repositoryProblems(props));
    const repository = new EcrRepository(this, "Default", {
      name: props.repositoryName,
      imageTagMutability: "IMMUTABLE",
      forceDelete: props.deletable ?? false,
      ...keptUnless(props.deletable),
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        props.kmsKeyArn ? { encryptionType: "KMS", kmsKey: props.kmsKeyArn } : { encryptionType: "AES256" },
      ],
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      // Not the name: a change of the key replaces a deletable repository under the same name, and its rules with it.
      repository: repository.id,
      policy: jsonDocument(lifecycle(props.keepImages ?? 20)),
    });
    this.repositoryUrl = repository.repositoryUrl;
  }
}

/** What ECR would refuse. */
export function repositoryProblems(props: Partial<ImageRepositoryProps>): Problem[] {
  const rows = {
    repositoryName: "repositoryName",
    keepImages: "keepImages",
    kmsKeyArn: "kmsKeyArn",
  } as const;
  return fieldProblems<ImageRepositoryProps>(rows, props);
}

/** Untagged layers are leftovers of a failed push; tagged images are kept by number, not by age. */
function lifecycle(keepImages: number) {
  const expire = { type: "expire" };
  return {
    rules: [
      {
        rulePriority: 1,
        description: "Expire untagged images after a day",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: 1,
        },
        action: expire,
      },
      {
        rulePriority: 2,
        description: `Keep the newest ${keepImages} images`,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keepImages },
        action: expire,
      },
    ],
  };
}
