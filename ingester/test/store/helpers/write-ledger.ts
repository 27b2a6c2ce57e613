/** Writes a ledger of at least so many bytes over version 1 of a file, and tells how that ended. */
import { newLedger } from "../../../src/ledger/ledger";
import { FileStore } from "../../../src/store/file";

const [, , path = "", bytes = ""] = process.argv;
const ledger = { ...newLedger(0, 1), padding: "x".repeat(Number(bytes)) };
const { signal } = new AbortController();
void new FileStore({ path }).swap({ ledger, version: 2 }, 1, signal).then(
  () => console.log("written"),
  (error: Error) => console.log(error.message),
);
