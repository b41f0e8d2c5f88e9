import { NotFoundInLanguage } from "./not-found-in-language";
import { NotFoundText } from "./not-found-text";

export default function NotFound() {
  return (
    <NotFoundInLanguage>
      <NotFoundText />
    </NotFoundInLanguage>
  );
}
