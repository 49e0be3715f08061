package org.iommulab.lab.run.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.state.Names;
import org.iommulab.linux.uapi.UapiStruct;
import org.jspecify.annotations.Nullable;

/** What bytes that are read say: themselves, or the fields of structures in them. */
final class StructRecords {

  private final List<UapiStruct> structs = new ArrayList<>();
  private final @Nullable String as;
  private final Names names;

  /**
   * Complains about structures that do not exist.
   *
   * @param structs names of the structures, none for plain bytes
   * @param as name for the fields of the first ones, or null
   */
  StructRecords(List<String> structs, @Nullable String as, Names names) throws Complaint {
    for (String struct : structs) {
      this.structs.add(StructBytes.named(struct));
    }
    this.as = as;
    this.names = names;
  }

  /** Bytes to read: as many as given, else as the structures have. */
  int length(@Nullable Integer given) {
    return given != null ? given : structs.stream().mapToInt(UapiStruct::size).sum();
  }

  /** The result's fields; names what is to be named. */
  Map<String, Object> found(byte[] bytes) {
    if (structs.isEmpty()) {
      return Map.of("hex", Bytes.of(bytes).hex());
    }
    List<Map<String, Long>> records = StructBytes.read(structs, bytes);
    for (int i = 0; as != null && i < Math.min(structs.size(), records.size()); i++) {
      records.get(i).forEach((field, value) -> names.put(as + "." + field, value));
    }
    var shown = new ArrayList<Map<String, Object>>();
    for (Map<String, Long> record : records) {
      var fields = new LinkedHashMap<String, Object>();
      record.forEach(
          (field, value) -> {
            if (!field.startsWith("__")) {
              fields.put(field, value);
            }
          });
      shown.add(fields);
    }
    return Map.of("records", shown);
  }
}
