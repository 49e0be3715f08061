package org.iommulab.acpi;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A remapping structure of the DMAR table. Addresses are physical, flags as in the table. */
public sealed interface DmarStructure {

  /** Type number of the structure. */
  int type();

  /** Name of the type. */
  String name();

  /** Its name with an article, to begin a sentence with: {@code An RMRR}. */
  default String withArticle() {
    boolean vowel = "AEIRS".indexOf(name().charAt(0)) >= 0;
    return (vowel ? "An " : "A ") + name();
  }

  /** Device scopes; empty for types without them. */
  default List<DeviceScope> scopes() {
    return List.of();
  }

  /** Bytes it occupies in the table. */
  default int length() {
    int bytes =
        switch (this) {
          case Drhd drhd -> 16;
          case Rmrr rmrr -> 24;
          case Atsr atsr -> 8;
          case Rhsa rhsa -> 20;
          case Andd andd -> 8 + andd.objectName().length() + 1 + andd.padding();
          case Satc satc -> 8;
          case Sidp sidp -> 8;
          case Unknown unknown -> 4 + unknown.body().length;
        };
    for (DeviceScope scope : scopes()) {
      bytes += scope.length();
    }
    return bytes;
  }

  /**
   * One remapping unit.
   *
   * @param flags bit 0: INCLUDE_PCI_ALL
   * @param size the register window has 2^(3:0) pages
   * @param segment PCI segment
   * @param base address of its registers
   * @param scopes devices behind it
   */
  record Drhd(int flags, int size, int segment, long base, List<DeviceScope> scopes)
      implements DmarStructure {

    public Drhd {
      scopes = List.copyOf(scopes);
    }

    /** Everything of the segment that no other unit lists. */
    public boolean includesAll() {
      return (flags & 1) != 0;
    }

    /** Bytes of the register window. */
    public long windowBytes() {
      return 4096L << (size & 0xF);
    }

    @Override
    public int type() {
      return 0;
    }

    @Override
    public String name() {
      return "DRHD";
    }
  }

  /**
   * Memory that devices use behind the operating system's back.
   *
   * @param segment PCI segment
   * @param base first byte
   * @param limit last byte
   * @param scopes devices
   */
  record Rmrr(int segment, long base, long limit, List<DeviceScope> scopes)
      implements DmarStructure {

    public Rmrr {
      scopes = List.copyOf(scopes);
    }

    @Override
    public int type() {
      return 1;
    }

    @Override
    public String name() {
      return "RMRR";
    }
  }

  /**
   * Root ports that support ATS.
   *
   * @param flags bit 0: ALL_PORTS
   * @param segment PCI segment
   * @param scopes root ports
   */
  record Atsr(int flags, int segment, List<DeviceScope> scopes) implements DmarStructure {

    public Atsr {
      scopes = List.copyOf(scopes);
    }

    @Override
    public int type() {
      return 2;
    }

    @Override
    public String name() {
      return "ATSR";
    }
  }

  /**
   * The NUMA node of a unit.
   *
   * @param base register address of the unit
   * @param proximityDomain ACPI proximity domain
   */
  record Rhsa(long base, int proximityDomain) implements DmarStructure {
    @Override
    public int type() {
      return 3;
    }

    @Override
    public String name() {
      return "RHSA";
    }
  }

  /**
   * An ACPI namespace device.
   *
   * @param deviceNumber number that scopes refer to
   * @param objectName full path in the namespace
   * @param padding zero bytes behind the one that ends the name
   */
  record Andd(int deviceNumber, String objectName, int padding) implements DmarStructure {

    /** Without padding. */
    public Andd(int deviceNumber, String objectName) {
      this(deviceNumber, objectName, 0);
    }

    @Override
    public int type() {
      return 4;
    }

    @Override
    public String name() {
      return "ANDD";
    }
  }

  /**
   * Devices of the SoC with an address translation cache.
   *
   * @param flags bit 0: ATC_REQUIRED
   * @param segment PCI segment
   * @param scopes devices
   */
  record Satc(int flags, int segment, List<DeviceScope> scopes) implements DmarStructure {

    public Satc {
      scopes = List.copyOf(scopes);
    }

    @Override
    public int type() {
      return 5;
    }

    @Override
    public String name() {
      return "SATC";
    }
  }

  /**
   * Properties of SoC devices.
   *
   * @param segment PCI segment
   * @param scopes devices, with flags
   */
  record Sidp(int segment, List<DeviceScope> scopes) implements DmarStructure {

    public Sidp {
      scopes = List.copyOf(scopes);
    }

    @Override
    public int type() {
      return 6;
    }

    @Override
    public String name() {
      return "SIDP";
    }
  }

  /**
   * A structure of a type we do not know, kept as it is.
   *
   * @param type its number
   * @param body bytes behind type and length
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Unknown(int type, byte[] body) implements DmarStructure {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Unknown same && same.type == type && Arrays.equals(same.body, body);
    }

    @Override
    public int hashCode() {
      return 31 * type + Arrays.hashCode(body);
    }

    @Override
    public String name() {
      return "type " + type;
    }
  }
}
