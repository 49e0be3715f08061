package org.iommulab.evidence.diagnosis;

import java.util.Optional;

/** What is known of the machine beside its log. */
public interface Surroundings {

  /** Nothing is known. */
  Surroundings UNKNOWN =
      new Surroundings() {
        @Override
        public Optional<Memory> memory(long address) {
          return Optional.empty();
        }

        @Override
        public Optional<String> device(String bdf) {
          return Optional.empty();
        }
      };

  /** What the map of memory says about an address. */
  enum Memory {
    /** The kernel uses it. */
    RAM,
    /** Firmware keeps it. */
    RESERVED,
    /** Registers or memory of a device. */
    DEVICE,
    /** Nothing is there. */
    NOTHING
  }

  /** What is at a physical address; empty if no map is known. */
  Optional<Memory> memory(long address);

  /** What a device is; empty if no list is known or it is not in it. */
  Optional<String> device(String bdf);
}
