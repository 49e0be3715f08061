package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.jspecify.annotations.Nullable;

/**
 * The PASID prefix of a device's request: the fields {@code pasid}, {@code exec} and {@code priv}.
 *
 * @param pasid address space of the request, {@link Pasid#NONE} if it names none
 * @param execute it wants to execute what it reads
 * @param privileged it asks for supervisor rights
 */
public record Prefix(Pasid pasid, boolean execute, boolean privileged) {

  /** A request without PASID. */
  public static final Prefix NONE = new Prefix(Pasid.NONE, false, false);

  /** Its keys in a line. */
  static final List<Field> FIELDS =
      List.of(
          Field.of("pasid", Kind.NUMBER).between(0, Pasid.LARGEST).optional(),
          Field.of("exec", Kind.FLAG).optional(),
          Field.of("priv", Kind.FLAG).optional());

  static Prefix read(Fields f) throws Complaint {
    boolean execute = f.flag("exec");
    boolean privileged = f.flag("priv");
    if (!f.has("pasid")) {
      if (execute || privileged) {
        throw new Complaint(
            "\"exec\" and \"priv\" go with a \"pasid\" only",
            "\"exec\" 和 \"priv\" 只能与 \"pasid\" 同用");
      }
      return NONE;
    }
    return new Prefix(new Pasid(f.between("pasid", 0, Pasid.LARGEST)), execute, privileged);
  }

  void write(Map<String, @Nullable Object> to) {
    if (pasid.isNone()) {
      return;
    }
    to.put("pasid", pasid.value());
    Parts.optional(to, "exec", execute ? true : null);
    Parts.optional(to, "priv", privileged ? true : null);
  }
}
