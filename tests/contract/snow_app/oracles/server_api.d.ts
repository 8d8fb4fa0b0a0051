// What server scripts find beside the scoped API that @types/servicenow describes, and where its types are narrower
// than the platform: there a second signature stands beside the first.
declare const Class: { create(): any };
declare const current: any;
declare const previous: any;
declare const RP: { getParameterValue(name: string): string };

interface AjaxProcessor {
  getParameter(name: string): string;
  newItem(name?: string): any;
  setAnswer(answer: string): void;
}
declare namespace global {
  const AbstractAjaxProcessor: AjaxProcessor;
}
interface ObjectConstructor {
  extendsObject<Members>(parent: AjaxProcessor, members: Members & ThisType<Members & AjaxProcessor>): Members;
}

declare namespace servicenow {
  interface GlideSystem {
    getProperty(name: string, fallback?: string): string;
    getSession(): GlideSession;
  }
  interface GlideRecord {
    setValue(column: string, value: string | number | boolean): void;
  }
}
