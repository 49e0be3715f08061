package org.iommulab.vtd.config;

import java.util.LinkedHashSet;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/**
 * What a unit says it can do.
 *
 * @param cap the CAP register
 * @param ecap the ECAP register
 * @param version the VER register, such as 0x10
 * @param hostAddressWidth bits of a physical address
 */
public record Capabilities(long cap, long ecap, int version, int hostAddressWidth) {

  public Capabilities {
    if (hostAddressWidth < 32 || hostAddressWidth > 52) {
      throw new IllegalArgumentException(
          "host address width " + hostAddressWidth + " is not between 32 and 52");
    }
  }

  /** Tells whether a one-bit CAP field is set. */
  public boolean has(Field field) {
    return capOrEcap(field, CapabilityLayout.LAYOUT) ? field.isSet(cap) : field.isSet(ecap);
  }

  private static boolean capOrEcap(Field field, Layout layout) {
    for (Field candidate : layout.fields()) {
      if (candidate == field) {
        return true;
      }
    }
    return false;
  }

  /** Names of the one-bit CAP and ECAP fields that are set, for {@link Layout#reservedMask}. */
  public Set<String> features() {
    var names = new LinkedHashSet<String>();
    collect(CapabilityLayout.LAYOUT, cap, names);
    collect(ExtendedCapabilityLayout.LAYOUT, ecap, names);
    return names;
  }

  private static void collect(Layout layout, long value, Set<String> names) {
    for (Field field : layout.fields()) {
      if (field.kind() == Field.Kind.FLAG && field.isSet(value)) {
        names.add(field.name());
      }
    }
  }

  /** Bits of a domain id. */
  public int domainIdBits() {
    return 4 + 2 * (int) CapabilityLayout.ND.get(cap);
  }

  /** Largest width of an untranslated second-stage address, in bits. */
  public int maximumGuestAddressWidth() {
    return (int) CapabilityLayout.MGAW.get(cap) + 1;
  }

  /** Tells whether second-stage tables of that depth (3, 4 or 5) are supported. */
  public boolean supportsLevels(int levels) {
    return levels >= 2 && levels <= 6 && (CapabilityLayout.SAGAW.get(cap) >> levels - 2 & 1) != 0;
  }

  /** Depth of the deepest second-stage table supported; 0 if there is none. */
  public int deepestLevels() {
    for (int levels = 5; levels >= 3; levels--) {
      if (supportsLevels(levels)) {
        return levels;
      }
    }
    return 0;
  }

  /** Tells whether a second-stage leaf may sit at that level. */
  public boolean supportsLeaf(int level) {
    return level == 1 || (level <= 3 && (CapabilityLayout.SSLPS.get(cap) >> level - 2 & 1) != 0);
  }

  /** Number of fault recording registers. */
  public int faultRecords() {
    return (int) CapabilityLayout.NFR.get(cap) + 1;
  }

  /** Offset of the first fault recording register. */
  public int faultRecordOffset() {
    return 16 * (int) CapabilityLayout.FRO.get(cap);
  }

  /** Offset of IVA; IOTLB follows at 8. */
  public int iotlbOffset() {
    return 16 * (int) ExtendedCapabilityLayout.IRO.get(ecap);
  }

  /** Largest address mask of a page-selective invalidation. */
  public int maximumAddressMask() {
    return (int) CapabilityLayout.MAMV.get(cap);
  }

  /** Bits of a PASID; 20 if requests with PASID are not supported. */
  public int pasidBits() {
    return has(ExtendedCapabilityLayout.PASID)
        ? (int) ExtendedCapabilityLayout.PSS.get(ecap) + 1
        : 20;
  }

  /** Tells whether register-based invalidation exists: only before version 6. */
  public boolean hasRegisterInvalidation() {
    return version >> 4 < 6;
  }
}
