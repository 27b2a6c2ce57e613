import { isReferredTo, type Resource, type Rule, referring } from "../rule";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const GROUP = "aws_security_group";
const VPC = "aws_vpc";
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

const everywhere = ({ attributes }: Resource) =>
  EVERYWHERE.includes(String(attributes.cidr_ipv4 ?? attributes.cidr_ipv6));

const coversPort = ({ attributes }: Resource, port: number) =>
  attributes.ip_protocol === "-1" ||
  (Number(attributes.from_port) <= port && Number(attributes.to_port) >= port);

const closed = (ids: readonly string[], port: number, what: string): Rule => ({
  ids,
  title: `${what} cannot be reached from everywhere`,
  on: INGRESS,
  holds: (rule) => !(everywhere(rule) && coversPort(rule, port)),
});

const described = (on: string, trivyId: string): Rule => ({
  ids: ["CKV_AWS_23", trivyId],
  title: `Every ${on.replace("aws_", "").replaceAll("_", " ")} has a description`,
  on,
  holds: ({ attributes }) => typeof attributes.description === "string",
});

export const networkRules: readonly Rule[] = [
  described(GROUP, "AWS-0099"),
  described(INGRESS, "AWS-0124"),
  described(EGRESS, "AWS-0124"),
  closed(["CKV_AWS_24", "AWS-0107"], 22, "Port 22"),
  closed(["CKV_AWS_25", "AWS-0107"], 3389, "Port 3389"),
  closed(["CKV_AWS_260"], 80, "Port 80"),
  {
    ids: ["CKV_AWS_277"],
    title: "All ports together cannot be reached from everywhere",
    on: INGRESS,
    holds: (rule) => !(everywhere(rule) && rule.attributes.ip_protocol === "-1"),
  },
  {
    ids: ["CKV_AWS_382"],
    title: "Nothing leaves on all ports to everywhere",
    on: EGRESS,
    holds: (rule) => !(everywhere(rule) && rule.attributes.ip_protocol === "-1"),
  },
  {
    ids: ["AWS-0104"],
    title: "Nothing leaves to everywhere",
    on: EGRESS,
    holds: (rule) => !everywhere(rule),
  },
  {
    ids: ["CKV2_AWS_5"],
    title: "Every security group is attached to a service or an endpoint",
    on: GROUP,
    holds: (group) => isReferredTo(group, ["aws_ecs_service", "aws_vpc_endpoint"]),
  },
  {
    ids: ["CKV_AWS_130", "AWS-0164"],
    title: "No subnet gives public addresses by default",
    on: "aws_subnet",
    holds: ({ attributes }) => attributes.map_public_ip_on_launch !== true,
  },
  {
    ids: ["CKV2_AWS_11", "AWS-0178"],
    title: "Every VPC logs its flows",
    on: VPC,
    holds: (vpc) => referring(vpc, "aws_flow_log", "vpc_id").length > 0,
  },
  {
    ids: ["CKV2_AWS_12"],
    title: "The default security group of every VPC lets nothing through",
    on: VPC,
    holds: (vpc) =>
      referring(vpc, "aws_default_security_group", "vpc_id").some(
        ({ ingress, egress }) => ingress === undefined && egress === undefined,
      ),
  },
];
