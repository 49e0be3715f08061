package org.iommulab.bus;

/**
 * A bridge or port with the buses behind it.
 *
 * @param source its own requester id
 * @param name short name for people
 * @param kind what it is
 * @param secondary number of the bus behind it
 * @param subordinate highest bus number behind it
 * @param acs it keeps what is behind it apart from its peers (Access Control Services)
 * @param external what is plugged in behind it is not trusted
 */
public record PciBridge(
    SourceId source,
    String name,
    Kind kind,
    int secondary,
    int subordinate,
    boolean acs,
    boolean external) {

  /** What a bridge is. */
  public enum Kind {
    ROOT_PORT,
    SWITCH_UPSTREAM,
    SWITCH_DOWNSTREAM,
    /** PCI Express above, conventional PCI below: requests from below carry its id. */
    PCIE_TO_PCI,
    /** Conventional PCI above and below. */
    PCI_TO_PCI;

    /** Tells whether conventional PCI, which carries no requester ids, is behind it. */
    public boolean hidesRequesters() {
      return this == PCIE_TO_PCI || this == PCI_TO_PCI;
    }
  }

  /** Tells whether a bus is behind it. */
  public boolean leadsTo(SourceId id) {
    return id.segment() == source.segment() && id.bus() >= secondary && id.bus() <= subordinate;
  }

  /**
   * The requester id that requests from a conventional bus carry above it: a PCI Express bridge
   * puts in bus number and device 0 of its secondary side, a conventional one its own id.
   */
  public SourceId alias() {
    return kind == Kind.PCIE_TO_PCI
        ? SourceId.of(secondary, 0, 0).inSegment(source.segment())
        : source;
  }
}
