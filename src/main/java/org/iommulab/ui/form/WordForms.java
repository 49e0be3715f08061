package org.iommulab.ui.form;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
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

  /** Opens the form of a word. */
  public void open(String op) {
    words().stream()
        .filter(word -> word.op().equals(op))
        .findFirst()
        .ifPresent(
            word ->
                model.ask(
                    FormFacts::of, facts -> show(new WordForm(word, facts, device(), label(op)))));
  }

  private void show(Form form) {
    var card = new FormCard(form, texts, giver::give, overlay::close);
    overlay.showBelow("send-dma-button", card);
    card.start();
  }

  private @Nullable SourceId device() {
    return switch (selection.get()) {
      case Selected.Address(SourceId source, long iova) -> source;
      case Selected.Device(SourceId source) -> source;
      default -> model.subject().device();
    };
  }
}
