import type {
  EndpointsNetworkProps,
  ExistingNetworkProps,
  NatNetworkProps,
  PublicNetworkProps,
} from "../constructs/network/props";
import { flag, listOf, matching, optional, section, text, variants } from "./field-checks";

const zones = listOf(text, { min: 1 });
const own = { mode: text, availabilityZones: zones, vpcCidr: optional(text), flowLogs: optional(flag) };

/** Fields of each network mode; how they go together is checked with the region at hand. */
export const networkFields = variants("mode", {
  public: section<PublicNetworkProps>(own),
  nat: section<NatNetworkProps>({ ...own, natGatewayZones: zones }),
  endpoints: section<EndpointsNetworkProps>({ ...own, natGatewayZones: zones }),
  existing: section<ExistingNetworkProps>({
    mode: text,
    vpcId: matching(/^vpc-[0-9a-f]{8,17}$/, 'a VPC id such as "vpc-0a1b2c3d4e5f67890"'),
    subnetIds: listOf(matching(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id such as "subnet-0a1b2c3d4e5f67890"'), {
      min: 1,
    }),
    assignPublicIp: optional(flag),
  }),
});
