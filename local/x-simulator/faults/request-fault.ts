import type { StreamFault } from "../stream/fault-kinds";
import type { XFault } from "./kinds";

/** What can go wrong with one request, to whichever endpoint. */
export type RequestFault = XFault | StreamFault;
