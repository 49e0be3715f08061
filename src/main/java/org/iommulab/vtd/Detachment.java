package org.iommulab.vtd;

import java.util.BitSet;

/**
 * The devices that a pass-through entry has taken off the unit, in implementations that do so. They
 * stay off until their context entry is looked at again.
 */
final class Detachment {

  private final BitSet detached = new BitSet();

  boolean contains(int source) {
    return detached.get(source);
  }

  void set(int source, boolean off) {
    detached.set(source, off);
  }

  void clear() {
    detached.clear();
  }

  BitSet save() {
    return (BitSet) detached.clone();
  }

  void restore(BitSet saved) {
    detached.clear();
    detached.or(saved);
  }
}
