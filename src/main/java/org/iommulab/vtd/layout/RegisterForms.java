package org.iommulab.vtd.layout;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;
import static org.iommulab.bits.Field.number;

import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.Register.Access;
import org.iommulab.vtd.layout.Register.Place;
import org.jspecify.annotations.Nullable;

/** How registers are declared: what software may write follows from access and fields. */
final class RegisterForms {

  /** Status bits of write-one-to-clear registers that follow the hardware's state. */
  private static final Set<String> READ_ONLY_STATUS = Set.of("PPF", "FRI");

  /** Fields of partly writable registers that only hardware sets. */
  private static final Set<String> HARDWARE_OWNED = Set.of("CAIG", "IAIG", "IP", "PRS");

  static Register register(
      String name,
      Place place,
      int offset,
      int bytes,
      Access access,
      long reset,
      @Nullable String feature,
      Field... fields) {
    long writable = 0;
    long clearable = 0;
    for (Field field : fields) {
      if (isWritable(field, access)) {
        writable |= field.mask();
      }
      if (access == Access.WRITE_ONE_TO_CLEAR && !READ_ONLY_STATUS.contains(field.name())) {
        clearable |= field.mask();
      }
    }
    Layout layout = Layout.of(name, bytes * 8, "1.3", fields);
    return new Register(
        name, place, offset, bytes, access, writable, clearable, reset, feature, layout);
  }

  private static boolean isWritable(Field field, Access access) {
    return switch (access) {
      case READ_WRITE, WRITE_ONLY -> field.kind() != Field.Kind.IGNORED;
      case MIXED -> field.kind() != Field.Kind.IGNORED && !HARDWARE_OWNED.contains(field.name());
      case READ_ONLY, WRITE_ONE_TO_CLEAR -> false;
    };
  }

  /** A register at a fixed offset. */
  static Register at(
      String name,
      int offset,
      int bytes,
      Access access,
      long reset,
      @Nullable String feature,
      Field... fields) {
    return register(name, Place.UNIT, offset, bytes, access, reset, feature, fields);
  }

  // ---- the four registers of an event message --------------------------------------------------

  static Register eventControl(String name, int offset, @Nullable String feature) {
    return at(
        name,
        offset,
        4,
        Access.MIXED,
        0x8000_0000L,
        feature,
        ignored(29, 0),
        flag("IP", 30, "message is pending"),
        flag("IM", 31, "message is masked"));
  }

  static Register eventData(String name, int offset, @Nullable String feature) {
    return at(
        name,
        offset,
        4,
        Access.READ_WRITE,
        0,
        feature,
        number("IMD", 15, 0, "message data"),
        ignored(31, 16));
  }

  static Register eventAddress(String name, int offset, @Nullable String feature) {
    return at(
        name, offset, 4, Access.READ_WRITE, 0, feature, address("MA", 31, 2, "message address"));
  }

  static Register eventUpperAddress(String name, int offset, @Nullable String feature) {
    return at(
        name,
        offset,
        4,
        Access.READ_WRITE,
        0,
        feature,
        number("MUA", 31, 0, "message address, upper half"));
  }

  private RegisterForms() {}
}
