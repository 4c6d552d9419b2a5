// One act of the JavaScript age library: reads standard input, writes standard output, keys in the environment.
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

const input = new Uint8Array(readFileSync(0));
const acts = {
  encrypt: () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(process.env.AGE_KEY);
    return encrypter.encrypt(input);
  },
  decrypt: () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(process.env.AGE_KEY);
    return decrypter.decrypt(input);
  },
  recipient: () => identityToRecipient(process.env.AGE_KEY),
};
writeFileSync(1, await acts[process.env.AGE_ACT]());
