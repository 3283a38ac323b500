// Makes docs/errors.md of the table of codes in src/errors.ts: its hints and the comments above them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const HEAD = `# Errors

Every error of this package is an \`EraError\` with a \`code\` that is stable across releases, a \`message\` for people, \`details\` without secrets, and a \`hint\`,
the last column below. Match the code: \`isEraError(error, 'quota')\`. A cancelled call rejects with its signal’s own reason instead. Where something less can
answer, a search answers with it and says why in \`answer.source.degraded\`; the element’s console line has the code.

Made of [src/errors.ts](../src/errors.ts) by \`npm run docs\`.

| code | cause | what a visitor sees | what to do |
|---|---|---|---|
`;

/**
 * @param {string} root of the repository
 * @returns {string} Markdown
 * @throws Error for a code without a comment of both kinds, or without a hint
 */
export function errorDocs(root) {
  const path = join(root, 'src/errors.ts');
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const hints = new Map(source.statements.flatMap(hintsOf));
  const codes = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'ErrorCodes',
  );
  if (!codes || !ts.isInterfaceDeclaration(codes)) throw new Error('src/errors.ts has no ErrorCodes.');
  const rows = codes.members.map((member) => {
    const code = textOf(member.name);
    const [comment] = member.getChildren().filter(ts.isJSDoc);
    const cause = line(comment && ts.getTextOfJSDocComment(comment.comment));
    const tag = comment?.tags?.find(({ tagName }) => tagName.text === 'remarks');
    const visitor = line(tag && ts.getTextOfJSDocComment(tag.comment));
    const hint = hints.get(code) ?? '';
    if ([cause, visitor, hint].includes(''))
      throw new Error(`The code “${code}” needs a cause, what a visitor sees, and a hint.`);
    return `| \`${code}\` | ${cause} | ${visitor} | ${hint} |`;
  });
  return `${HEAD}${rows.join('\n')}\n`;
}

/**
 * @param {ts.Statement} statement
 * @returns {[string, string][]} of the table HINTS
 */
function hintsOf(statement) {
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    name.getText() === 'HINTS' && initializer && ts.isObjectLiteralExpression(initializer)
      ? initializer.properties.flatMap((property) =>
          ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
            ? [/** @type {[string, string]} */ ([textOf(property.name), property.initializer.text])]
            : [],
        )
      : [],
  );
}

/** @param {ts.PropertyName | undefined} name */
function textOf(name) {
  return name && (ts.isStringLiteral(name) || ts.isIdentifier(name)) ? name.text : '';
}

/** @param {string | undefined} text */
function line(text) {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
