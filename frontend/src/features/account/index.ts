/** What other features may use of the account. */
export { ProofField } from "./components/proof-field";
export { proofRefused, useProof } from "./components/use-proof";
