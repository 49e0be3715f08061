package org.iommulab.ui.view.registers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.iommulab.bits.Field;
import org.iommulab.bits.FieldValue;
import org.iommulab.lab.LabView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.lookup.UnitFacts;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;

/** Reads and decodes all registers; runs on the laboratory's thread. */
final class RegisterQuery {

  private RegisterQuery() {}

  /** The registers that exist on the unit, by offset. */
  static RegisterPicture answer(LabView view) {
    List<RegisterRow> rows = rows(view.tables().registers(), UnitFacts.features(view));
    return new RegisterPicture(view.snapshot(), view.isLive(), rows);
  }

  static List<RegisterRow> rows(RegisterValues values, Set<String> features) {
    var rows = new ArrayList<RegisterRow>();
    for (Register register : RegisterLayouts.existing(features)) {
      int offset = register.offset(values.cap(), values.ecap());
      rows.add(row(register, offset, values));
    }
    rows.sort(Comparator.comparingInt(RegisterRow::offset));
    return List.copyOf(rows);
  }

  private static RegisterRow row(Register register, int offset, RegisterValues values) {
    var quadwords = new ArrayList<Long>();
    if (register.bytes() == 4) {
      quadwords.add(values.read(offset, 4));
    } else {
      for (int at = 0; at < register.bytes(); at += 8) {
        quadwords.add(values.read(offset + at, 8));
      }
    }
    return new RegisterRow(register, offset, quadwords, decoded(register, quadwords));
  }

  /** {@code TES RTPS QIES}, {@code ND 6 SAGAW 4}. */
  private static String decoded(Register register, List<Long> quadwords) {
    var text = new StringJoiner(" ");
    long[] value = quadwords.stream().mapToLong(Long::longValue).toArray();
    for (FieldValue found : register.layout().decode(value)) {
      Field field = found.field();
      boolean idle =
          field.kind() == Field.Kind.RESERVED
              || field.kind() == Field.Kind.IGNORED
              || found.value() == 0;
      if (!idle) {
        text.add(
            field.kind() == Field.Kind.FLAG
                ? field.name()
                : field.name() + "=" + Hex.group(found.value()));
      }
    }
    return text.toString();
  }
}
