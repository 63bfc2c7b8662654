import { Flex } from "antd";
import { useTexts } from "../../app/language";
import { PageHead } from "../../parts/PageHead";
import NewPassword from "./NewPassword";
import { OneTimeCodes } from "./OneTimeCodes";
import { TEXTS } from "./texts";

export default function Account() {
  const t = useTexts(TEXTS);
  return (
    <>
      <PageHead title={t.title} />
      <Flex gap={16} wrap align="start">
        <NewPassword />
        <OneTimeCodes />
      </Flex>
    </>
  );
}
