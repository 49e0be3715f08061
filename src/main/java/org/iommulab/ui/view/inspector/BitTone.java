package org.iommulab.ui.view.inspector;

import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.ui.Role;
import org.jspecify.annotations.Nullable;

/** Which role colours the bits of a field in the grid. */
final class BitTone {

  private static final Set<String> RIGHTS = Set.of("R", "W", "X", "P", "EXE", "XD");

  private BitTone() {}

  /** The role of a field's bits, or null if they stay grey. */
  static @Nullable Role of(Field field, long value, boolean reserved) {
    if (reserved) {
      return value == 0 ? null : Role.BAD;
    }
    return switch (field.kind()) {
      case ADDRESS -> Role.ACCENT;
      case FLAG -> value == 0 ? null : RIGHTS.contains(field.name()) ? Role.OK : Role.WARN;
      case NUMBER -> value == 0 ? null : Role.WARN;
      case RESERVED, IGNORED -> null;
    };
  }
}
