package org.iommulab.ui.form;

import java.util.HexFormat;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Hex;
import org.iommulab.ui.form.FormField.Choice;
import org.jspecify.annotations.Nullable;

/** Lets a device read or write. */
final class DmaForm implements Form {

  private static final int LONGEST = 2048;

  private final List<FormField> fields;

  DmaForm(FormFacts facts, @Nullable SourceId device, long iova, String write, String read) {
    List<Choice> devices =
        facts.devices().stream()
            .map(each -> new Choice(each.source().toString(), shown(each.source(), each.name())))
            .toList();
    FormField source = FormField.choice("device", devices);
    if (device != null) {
      source.value().set(device.toString());
    }
    fields =
        List.of(
            source,
            FormField.choice(
                "direction", List.of(new Choice("write", write), new Choice("read", read))),
            FormField.text("iova", Hex.group(iova)),
            FormField.text("data", "de ad be ef"),
            FormField.text("length", "16"));
  }

  static String shown(SourceId source, String name) {
    return name.equals(source.toString()) ? name : source + " " + name;
  }

  @Override
  public String id() {
    return "send-dma";
  }

  @Override
  public List<FormField> fields() {
    return fields;
  }

  @Override
  public boolean isUsed(FormField field) {
    boolean write = new Entry(fields).text("direction").equals("write");
    return switch (field.id()) {
      case "data" -> write;
      case "length" -> !write;
      default -> true;
    };
  }

  @Override
  public Draft draft() {
    var entry = new Entry(fields);
    String device = entry.text("device");
    if (device.isEmpty()) {
      entry.complain("device", "form.no-device");
    }
    long iova = entry.address("iova");
    boolean write = entry.text("direction").equals("write");
    Command command = write ? write(entry, device, iova) : read(entry, device, iova);
    return entry.problem().<Draft>map(problem -> problem).orElse(new Draft.Ready(List.of(command)));
  }

  private static Command write(Entry entry, String device, long iova) {
    byte[] data = HexFormat.of().parseHex(entry.data("data"));
    complainBeyond(entry, iova, data.length);
    return new Command.DmaWrite(device, iova, Bytes.of(data));
  }

  private static Command read(Entry entry, String device, long iova) {
    long length = entry.bytes("length");
    if (length > LONGEST) {
      entry.complain("length", "form.too-long");
    }
    complainBeyond(entry, iova, length);
    return new Command.DmaRead(device, iova, (int) Math.min(length, LONGEST));
  }

  /** No request goes on at address 0 behind the last address. */
  private static void complainBeyond(Entry entry, long iova, long length) {
    if (Long.compareUnsigned(iova + length - 1, iova) < 0) {
      entry.complain("iova", "form.beyond");
    }
  }
}
