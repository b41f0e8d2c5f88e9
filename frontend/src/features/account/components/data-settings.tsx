import { DeleteSection } from "./delete-section";
import { ExportSection } from "./export-section";

/** Taking the data along, and deleting the account. */
export function DataSettings() {
  return (
    <>
      <ExportSection />
      <DeleteSection />
    </>
  );
}
