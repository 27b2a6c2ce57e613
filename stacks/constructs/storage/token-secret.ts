import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";
import type { Grantee } from "../aws/policy";
import { checkAtSynth, fieldProblems, type Problem } from "../checks/check";
import { type DeletableProps, keptUnless } from "../terraform/kept";

/** Actions to read one secret. */
const READ_ACTIONS = ["secretsmanager:GetSecretValue"];

export interface TokenSecretProps extends DeletableProps {
  /** 1 to 512 letters, digits or /_+=.@-, not ending in a hyphen and six characters. */
  readonly secretName: string;
  /**
   * Days in which a deleted secret can be restored: 0 or 7 to 30.
   * @default 7
   */
  readonly recoveryWindowDays?: number;
  /** @default - the account's AWS-managed key */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * The secret of the X bearer token, created EMPTY: the value is set by hand, so that no configuration, plan or state
 * contains it.
 */
export class TokenSecret extends Construct {
  /** Full, with the six characters that Secrets Manager adds: known once created. */
  readonly createdArn: string;
  readonly secretName: string;

  constructor(scope: Construct, id: string, props: TokenSecretProps) {
    super(scope, id);
    const days = props.recoveryWindowDays ?? 7;
    checkAtSynth(this, secretProblems(props));
    const secret = new SecretsmanagerSecret(this, "Default", {
      name: props.secretName,
      description: "App-only bearer token of the X API; put the value in by hand",
      recoveryWindowInDays: days,
      ...keptUnless(props.deletable),
      ...(props.kmsKeyArn ? { kmsKeyId: props.kmsKeyArn } : {}),
    });
    this.secretName = secret.name;
    this.createdArn = secret.arn;
  }
}

/** What Secrets Manager would refuse. */
export function secretProblems(props: Partial<TokenSecretProps>): Problem[] {
  const rows = {
    secretName: "secretName",
    recoveryWindowDays: "secretRecoveryDays",
    kmsKeyArn: "kmsKeyArn",
  } as const;
  return fieldProblems<TokenSecretProps>(rows, props);
}

/** A secret that another stack owns, known by its ARN. */
export interface SecretReference {
  /** Full, or partial: without the hyphen and six characters that Secrets Manager adds. */
  readonly secretArn: string;
  /** Set when the secret is encrypted with a customer-managed key. */
  readonly kmsKeyArn?: string | undefined;
}

/** Hyphen and six characters at the end of a full ARN; names of secrets must not end so. */
const SUFFIX = /-[A-Za-z0-9]{6}$/;

/** Whether two ARNs are known to be of one secret: equal, or one the partial form of the other. */
export function isSameSecret(left: string, right: string): boolean {
  const [shorter = "", longer = ""] = [left, right].sort((one, other) => one.length - other.length);
  return shorter === longer || (SUFFIX.test(longer) && longer.replace(SUFFIX, "") === shorter);
}

/** Allows the grantee to read the secret, by its full or its partial ARN in the request. */
export function grantReadSecret(secret: SecretReference, grantee: Grantee): void {
  const full = SUFFIX.test(secret.secretArn);
  grantee.addStatement({
    sid: "ReadToken",
    actions: READ_ACTIONS,
    resources: full ? [secret.secretArn] : [secret.secretArn, `${secret.secretArn}-??????`],
  });
  if (secret.kmsKeyArn) {
    grantee.addStatement({ sid: "DecryptToken", actions: ["kms:Decrypt"], resources: [secret.kmsKeyArn] });
  }
}
