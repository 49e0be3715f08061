package org.iommulab.vtd.translate;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The devices that a pass-through entry has taken off the unit, in implementations that do so. They
 * stay off until their context entry is looked at again.
 */
final class Detachment {

  private final BitSet detached = new BitSet();

  /** The PASID entries that count as cached, by requester; never changed, only replaced. */
  private final Map<Integer, long[]> entries = new HashMap<>();

  boolean contains(int source) {
    return detached.get(source);
  }

  void set(int source, boolean off) {
    detached.set(source, off);
  }

  long @Nullable [] entry(int source) {
    return entries.get(source);
  }

  void remember(int source, long[] entry) {
    entries.put(source, entry);
  }

  void forget(int source) {
    entries.remove(source);
  }

  /** The requesters whose PASID entry counts as cached. */
  Set<Integer> known() {
    return Set.copyOf(entries.keySet());
  }

  void clear() {
    detached.clear();
    entries.clear();
  }
}
