import type { Bound } from "./bound";
import { catalogBounds } from "./bounds-catalog";
import { deliveryBounds } from "./bounds-delivery";
import { fargateBounds } from "./bounds-fargate";
import { ingestionBounds } from "./bounds-ingestion";
import { monitoringBounds } from "./bounds-monitoring";
import { namesBounds } from "./bounds-names";

/**
 * Everything that AWS bounds and Terraform's provider lets through, in ONE table: rendered as checks at synth
 * time here, and as `validation` blocks of the generated modules.
 */
export const bounds = {
  ...namesBounds,
  ...deliveryBounds,
  ...catalogBounds,
  ...fargateBounds,
  ...monitoringBounds,
  ...ingestionBounds,
} as const satisfies Record<string, Bound>;

export type BoundName = keyof typeof bounds;
