package org.iommulab.lab.run.process;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Content;
import org.iommulab.lab.language.Field;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiRecords;
import org.iommulab.linux.uapi.UapiStruct;

/** Structures of the kernel's headers as bytes, and back. */
final class StructBytes {

  private StructBytes() {}

  static UapiStruct named(String name) throws Complaint {
    var known = UapiRecords.all().stream().map(UapiStruct::name).toList();
    return UapiRecords.named(name)
        .orElseThrow(
            () ->
                new Complaint(
                    "there is no structure \"%s\"%s",
                    "没有结构体 \"%s\"%s", name, Nearest.hint(name, known)));
  }

  /** The bytes of what a process stores. */
  static byte[] of(Content content, Names names) throws Complaint {
    return switch (content) {
      case Content.Raw raw -> raw.data().toArray();
      case Content.Structures many -> {
        UapiStruct struct = named(many.struct());
        var bytes = new ByteArrayOutputStream();
        for (Map<String, Object> values : many.values()) {
          Arguments options = Arguments.of(many.struct(), values, names, fields(struct));
          byte[] one = new byte[struct.size()];
          for (UapiField field : struct.fields()) {
            put(one, field, options.numberOr(field.name(), field.preset()));
          }
          bytes.writeBytes(one);
        }
        yield bytes.toByteArray();
      }
    };
  }

  static void put(byte[] bytes, UapiField field, long value) throws Complaint {
    if (!field.holds(value)) {
      throw new Complaint(
          "\"%s\" has %d bits; %s does not fit",
          "\"%s\" 有 %d 位，放不下 %s", field.name(), 8 * field.size(), Json.hex(value));
    }
    field.put(bytes, 0, value);
  }

  /** A value as results show it: addresses and flags in hexadecimal. */
  static Object shown(UapiField field, long value) {
    return field.size() == 8 || field.name().equals("flags") ? Json.hex(value) : (Object) value;
  }

  /**
   * The structures in bytes that were read, one after the other, the list of names from the front
   * again as long as there are bytes.
   */
  static List<Map<String, Long>> read(List<UapiStruct> structs, byte[] bytes) {
    var all = new ArrayList<Map<String, Long>>();
    int at = 0;
    for (int i = 0; ; i++) {
      UapiStruct struct = structs.get(i % structs.size());
      if (at + struct.size() > bytes.length) {
        return all;
      }
      var fields = new LinkedHashMap<String, Long>();
      for (UapiField field : struct.fields()) {
        fields.put(field.name(), field.get(bytes, at));
      }
      all.add(fields);
      at += struct.size();
    }
  }

  /** A structure's fields, as a line may give them. */
  static List<Field> fields(UapiStruct struct) {
    return struct.fields().stream().map(field -> Field.expression(field.name())).toList();
  }
}
