import {
  type FieldBounds,
  fieldProblems,
  type Problem,
  problem,
  repeatProblems,
  under,
} from "../checks/check";
import { rangeProblems } from "../network/rules";

/** One egress rule of the tasks' security group: a port, and exactly one destination. */
export interface EgressProps {
  /** Shown in the AWS console: 1 to 255 letters, digits, blanks or ._-:/()#,@[]+=&;{}!$* */
  readonly description: string;
  /** 1 to 65535 */
  readonly port: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /**
   * IPv4 range without host bits: `10.1.0.0/16`.
   * @default - the destination is one of the two below
   */
  readonly cidr?: string;
  /**
   * Such as that of a gateway endpoint: `pl-0123456789abcdef0`.
   * @default - the destination is one of the other two
   */
  readonly prefixListId?: string;
  /**
   * Its members are the destination: `sg-0123456789abcdef0`.
   * @default - the destination is one of the two above
   */
  readonly securityGroupId?: string;
}

const FIELDS: FieldBounds<EgressProps> = {
  description: "ruleDescription",
  port: "egressPort",
  protocol: "egressProtocol",
  prefixListId: "prefixListId",
  securityGroupId: "securityGroupId",
};

/** What EC2 would refuse. */
export function egressProblems(rules: readonly EgressProps[] = []): Problem[] {
  return [
    ...rules.flatMap((rule, index) => under(`extraEgress.${index}`, ruleProblems(rule))),
    ...repeatProblems("extraEgress", rules.map(egressKey)),
  ];
}

function ruleProblems(rule: EgressProps): Problem[] {
  const destinations = destinationsOf(rule);
  const allowed = "given exactly one of cidr, prefixListId and securityGroupId";
  const fix = "EC2 takes one destination for each rule.";
  return [
    ...fieldProblems(FIELDS, rule),
    ...(rule.cidr === undefined
      ? []
      : rangeProblems("cidr", [rule.cidr]).map(({ text }) => ({ path: "cidr", text }))),
    ...(destinations.length === 1 ? [] : [problem("", { allowed, got: destinations.length, fix })]),
  ];
}

function destinationsOf({ cidr, prefixListId, securityGroupId }: EgressProps): string[] {
  return [cidr, prefixListId, securityGroupId].filter((each) => each !== undefined);
}

/** The id of a rule depends on what it allows and not on its position, so that other rules can be added before it. */
export function egressKey(rule: EgressProps): string {
  return [rule.protocol ?? "tcp", rule.port, ...destinationsOf(rule)].join("_");
}
