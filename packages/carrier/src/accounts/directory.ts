import { BlockList, isIPv6 } from 'node:net';
import { isE164 } from '../numbers/number-format.ts';

/** Whoever buys calls from the carrier: in the tests of a platform, one of its trunks. */
export interface Customer {
  readonly id: string;
  /** For digest: who registers, and whose calls are challenged. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** CIDR, IPv4 and IPv6: requests from there need no password. */
  readonly addresses?: readonly string[] | undefined;
  /** SIP URI that calls go to while nothing is registered. */
  readonly target?: string | undefined;
  /** Must stand before every number that this customer dials. */
  readonly techPrefix?: string | undefined;
  /** Calls at a time. Default: as many as there are. */
  readonly channels?: number | undefined;
}

/** A number of the carrier, and the customer who has it. */
export interface CarrierNumber {
  /** `+E.164` */
  readonly number: string;
  /** `Customer.id` */
  readonly customer: string;
}

/** Who is who at the carrier. */
export class Directory {
  private readonly customers: readonly Customer[];
  private readonly networks = new Map<string, BlockList>();
  private readonly owners = new Map<string, Customer>();

  /** Throws when the options contradict themselves: a mistake of whoever wrote them. */
  constructor(customers: readonly Customer[], numbers: readonly CarrierNumber[]) {
    this.customers = customers;
    for (const { id, addresses = [] } of customers) {
      if (this.networks.has(id)) throw new RangeError(`two customers are called ${id}`);
      this.networks.set(id, networksOf(addresses));
    }
    for (const { number, customer: id } of numbers) {
      const customer = customers.find((own) => own.id === id);
      if (customer === undefined) throw new RangeError(`there is no customer ${id}`);
      if (!isE164(number)) throw new RangeError('numbers are written as + and 7 to 15 digits');
      this.owners.set(number, customer);
    }
  }

  byUsername(username: string | undefined): Customer | undefined {
    return username === undefined ? undefined : this.customers.find((own) => own.username === username);
  }

  /** All that share the address. */
  byAddress(address: string): readonly Customer[] {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    return this.customers.filter(({ id }) => this.networks.get(id)?.check(address, family) === true);
  }

  ownerOf(number: string): Customer | undefined {
    return this.owners.get(number);
  }

  owns(customer: Customer, number: string): boolean {
    return this.owners.get(number)?.id === customer.id;
  }

  get hasPasswords(): boolean {
    return this.customers.some(({ username, password }) => username !== undefined && password !== undefined);
  }
}

function networksOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
