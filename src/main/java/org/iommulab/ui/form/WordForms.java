package org.iommulab.ui.form;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;
import org.jspecify.annotations.Nullable;

/**
 * Every word of the script language by mouse and keyboard: a form each, made from the language's
 * table.
 */
@Singleton
public final class WordForms {

  private final LabModel model;
  private final Overlay overlay;
  private final Selection selection;
  private final Giver giver;
  private final Texts texts;
  private @Nullable List<ScriptWord> words;

  @Inject
  WordForms(LabModel model, Overlay overlay, Selection selection, Giver giver, Texts texts) {
    this.model = model;
    this.overlay = overlay;
    this.selection = selection;
    this.giver = giver;
    this.texts = texts;
  }

  // Late: the table would delay the first window.
  private List<ScriptWord> words() {
    List<ScriptWord> read = words;
    if (read == null) {
      read = ScriptWord.all();
      words = read;
    }
    return read;
  }

  /** All words, in the table's order. */
  public List<String> ops() {
    return words().stream().map(ScriptWord::op).toList();
  }

  /** What a word does, in the language in use; the table's English words if there are no others. */
  public String label(String op) {
    String key = "word." + op;
    return texts.has(key)
        ? texts.get(key)
        : words().stream()
            .filter(word -> word.op().equals(op))
            .map(ScriptWord::description)
            .findFirst()
            .orElse(op);
  }

  /** Opens the form of a word, filled with what is selected. */
  public void open(String op) {
    open(op, Map.of());
  }

  /** Opens the form of a word with some of its fields filled. */
  public void open(String op, Map<String, String> given) {
    words().stream()
        .filter(word -> word.op().equals(op))
        .findFirst()
        .ifPresent(
            word ->
                model.ask(
                    FormFacts::of,
                    facts -> show(new WordForm(word, facts, known(op, given, facts), label(op)))));
  }

  private void show(Form form) {
    var card = new FormCard(form, texts, giver::give, overlay::close);
    overlay.showBelow("send-dma-button", card);
    card.start();
  }

  /** What a form begins with: what was given for it, then what is selected or was used last. */
  private Map<String, String> known(String op, Map<String, String> given, FormFacts facts) {
    var known = new HashMap<String, String>();
    SourceId device = device();
    if (device != null) {
      known.put("rid", device.toString());
      known.put("dev", device.toString());
    }
    // Pages are asked for by their first address.
    long page = op.startsWith("pri.") ? ~0xFFFL : -1;
    iova().ifPresent(iova -> known.put("iova", Hex.script(iova & page)));
    known.put("unit", Integer.toString(model.subject().unit()));
    if (op.startsWith("mem.")) {
      memory().ifPresent(address -> known.put("addr", Hex.script(address)));
    }
    if (op.startsWith("reg.") && selection.get() instanceof Selected.Register register) {
      known.put("unit", Integer.toString(register.unit()));
      RegisterLayouts.withOptional().stream()
          .filter(each -> each.name().equals(register.name()))
          .findFirst()
          .ifPresent(each -> place(each, facts.registers(), known));
    }
    known.putAll(given);
    return known;
  }

  private static void place(Register register, RegisterValues values, Map<String, String> known) {
    known.put("off", Hex.script(register.offset(values.cap(), values.ecap())));
    known.put("size", Integer.toString(Math.min(8, register.bytes())));
  }

  private OptionalLong memory() {
    return switch (selection.get()) {
      case Selected.Bytes(long address, long length) -> OptionalLong.of(address);
      case Selected.Entry entry -> OptionalLong.of(entry.address());
      default -> OptionalLong.empty();
    };
  }

  private OptionalLong iova() {
    return switch (selection.get()) {
      case Selected.Address(SourceId source, long iova) -> OptionalLong.of(iova);
      case Selected.DomainAddress(int domain, long iova) -> OptionalLong.of(iova);
      default -> model.subject().iova();
    };
  }

  private @Nullable SourceId device() {
    return switch (selection.get()) {
      case Selected.Address(SourceId source, long iova) -> source;
      case Selected.Device(SourceId source) -> source;
      default -> model.subject().device();
    };
  }
}
