/** Writes a ledger of at least so many bytes over version 1 of a file, and tells how that ended. */
import { newLedger } from "../../../src/ledger/ledger";
import { FileStore } from "../../../src/store/file";
import { GOING_ON } from "./stores";

const [, , path = "", bytes = ""] = process.argv;
const ledger = { ...newLedger(0, 1), padding: "x".repeat(Number(bytes)) };
void new FileStore({ path }).swap({ ledger, version: 2 }, 1, GOING_ON).then(
  () => console.log("written"),
  (error: Error) => console.log(error.message),
);
