// Reads the names that the official SDK exports, from its type declarations.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { ConversationDomainApi, SinchClient } from '@sinch/sdk-core';

const { resolve } = createRequire(import.meta.url);

/** Returns the names that a package exports, those of its namespaces too. What it exports from other packages is left out. */
export function exportedNames(pkg) {
  const names = new Set();
  collect(join(dirname(resolve(pkg)), 'index.d.ts'), names);
  return names;
}

function collect(file, names) {
  const source = readFileSync(file, 'utf8');
  for (const [, name] of source.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|class|const enum|const|enum|function) (\w+)/gm)) {
    names.add(name);
  }
  for (const [, path] of source.matchAll(/^export \*(?: as \w+)? from '(\.[^']*)';/gm)) {
    collect(declarations(file, path), names);
  }
  for (const [, list] of source.matchAll(/^export (?:type )?{([^}]*)} from '\.[^']*';/gm)) {
    list.split(',').map((part) => part.trim()).filter(Boolean).forEach((name) => names.add(name));
  }
}

/** Returns the file of declarations that an import of another means. */
function declarations(importer, path) {
  const target = join(dirname(importer), path);
  return statSync(target, { throwIfNoEntry: false })?.isDirectory() ? join(target, 'index.d.ts') : `${target}.d.ts`;
}

/** Returns the methods of the services of conversation, as a program calls them on sinch.conversation. */
export function serviceMethods() {
  const { conversation } = new SinchClient({ projectId: 'p', keyId: 'k', keySecret: 's' });
  return Object.entries(conversation).filter(([, service]) => service instanceof ConversationDomainApi)
    .flatMap(([name, { constructor }]) => methodsOf(constructor).map((method) => `${name}.${method}`));
}

/** Returns the methods that a class declares. */
export function methodsOf({ prototype }) {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && value).map(([name]) => name);
}
