package org.iommulab.evidence.diagnosis;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.Pasid;

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

  /**
   * A request that was refused.
   *
   * @param bdf the requester
   * @param pasid or -1
   * @param address the device address
   * @param seconds when, on the kernel's clock, or NaN
   */
  record Refused(String bdf, Pasid pasid, long address, double seconds) {}

  /**
   * What tables show about a request.
   *
   * @param readable the tables map the address for reads
   * @param writable the tables map the address for writes
   * @param behind bytes between the end of the nearest range below and the address; -1 if there is
   *     none
   * @param alias another address of the same requester leads to the memory at this very address
   * @param proof the entry and the ranges
   */
  record Mapped(
      boolean readable,
      boolean writable,
      long behind,
      boolean alias,
      List<Finding.Evidence> proof) {

    public Mapped {
      proof = List.copyOf(proof);
    }
  }

  /**
   * The end of a mapping, as a trace shows it.
   *
   * @param seconds when
   * @param proof the line
   */
  record Unmapped(double seconds, Finding.Evidence proof) {}

  /**
   * A request that came after the end of its mapping, as a trace shows both.
   *
   * @param bdf the requester, or {@code ?}
   * @param address the device address
   * @param unmapped when the mapping ended
   * @param used when the request came
   * @param proof the lines
   */
  record Late(
      String bdf, long address, double unmapped, double used, List<Finding.Evidence> proof) {

    public Late {
      proof = List.copyOf(proof);
    }
  }

  /** What is at a physical address; empty if no map is known. */
  Optional<Memory> memory(long address);

  /** What a device is; empty if no list is known or it is not in it. */
  Optional<String> device(String bdf);

  /** Whether a list of devices is known, so that a device that is not in it does not exist. */
  default boolean knowsDevices() {
    return false;
  }

  /** {@code vendor:device} of a device; empty if no list says it. */
  default Optional<String> ids(String bdf) {
    return Optional.empty();
  }

  /** Whose registers or memory a physical address belongs to, as the map of memory calls it. */
  default Optional<String> owner(long address) {
    return Optional.empty();
  }

  /** Number of the IOMMU group of a device. */
  default Optional<Integer> group(String bdf) {
    return Optional.empty();
  }

  /** Lines of other files about a request: memory map, device list, group, interrupts. */
  default List<Finding.Evidence> facts(Refused request) {
    return List.of();
  }

  /** What tables show; empty if there are none for this requester. */
  default Optional<Mapped> mapped(Refused request) {
    return Optional.empty();
  }

  /** The last end of a mapping of the address before the request. */
  default Optional<Unmapped> unmapped(Refused request) {
    return Optional.empty();
  }

  /** The first request of each device that a trace shows after the end of its mapping. */
  default List<Late> late() {
    return List.of();
  }

  /** A line that says why the kernel does not use the hardware: its options or how it was built. */
  default Optional<Finding.Evidence> switchedOff() {
    return Optional.empty();
  }
}
