package org.iommulab.vtd.layout;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.jspecify.annotations.Nullable;

/**
 * One register of a remapping unit.
 *
 * @param name the specification's name, such as {@code GSTS}
 * @param place what its offset counts from
 * @param position bytes from there
 * @param bytes 4, 8 or (fault records) 16
 * @param access what a write does to it
 * @param writable bits software can set and clear
 * @param clearable bits that a written one clears
 * @param reset its value after reset where that is not left to the implementation
 * @param feature name of the CAP or ECAP field without which it does not exist; null if it always
 *     does
 * @param layout its bits
 */
public record Register(
    String name,
    Place place,
    int position,
    int bytes,
    Access access,
    long writable,
    long clearable,
    long reset,
    @Nullable String feature,
    Layout layout) {

  /** What an offset counts from. */
  public enum Place {
    /** The unit's first register. */
    UNIT,
    /** ECAP.IRO * 16. */
    IOTLB_REGISTERS,
    /** CAP.FRO * 16. */
    FAULT_RECORDS
  }

  /** What a write does. */
  public enum Access {
    READ_ONLY("RO"),
    READ_WRITE("RW"),
    WRITE_ONLY("WO"),
    WRITE_ONE_TO_CLEAR("W1C"),
    /** Some bits can be written, the rest is read-only. */
    MIXED("RW/RO");

    private final String text;

    Access(String text) {
      this.text = text;
    }

    /** As the specification abbreviates it. */
    public String text() {
      return text;
    }
  }

  /** Its offset in bytes on a unit with these capability registers. */
  public int offset(long cap, long ecap) {
    return switch (place) {
      case UNIT -> position;
      case IOTLB_REGISTERS -> position + 16 * (int) ExtendedCapabilityLayout.IRO.get(ecap);
      case FAULT_RECORDS -> position + 16 * (int) CapabilityLayout.FRO.get(cap);
    };
  }

  /** The field of that name. */
  public Field field(String fieldName) {
    return layout.field(fieldName);
  }
}
