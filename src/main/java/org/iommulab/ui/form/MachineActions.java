package org.iommulab.ui.form;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javafx.beans.value.ObservableValue;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.memory.Page;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Subject;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.form.Invalidation.Scope;
import org.jspecify.annotations.Nullable;

/** What is done to the machine: the four forms, fork, reset, a new machine. */
@Singleton
final class MachineActions implements ActionSource {

  private final LabModel model;
  private final Overlay overlay;
  private final Selection selection;
  private final Giver giver;
  private final Texts texts;

  @Inject
  MachineActions(LabModel model, Overlay overlay, Selection selection, Giver giver, Texts texts) {
    this.model = model;
    this.overlay = overlay;
    this.selection = selection;
    this.giver = giver;
    this.texts = texts;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        form("map", "Shortcut+M", (facts, near) -> MapForm.map(facts, near.free())),
        form(
            "unmap",
            "Shortcut+U",
            (facts, near) -> MapForm.unmap(facts, near.first(), near.size())),
        form("send-dma", "Shortcut+D", this::dma),
        form("invalidate", "Shortcut+L", this::invalidate),
        Action.named("fork")
            .blocked(model.factsProperty().map(f -> f.live() ? "reason.no-dump" : ""))
            .runs(() -> model.change(Work.named("work.fork"), Laboratory::fork, giver::tell)),
        Action.named("reset").blocked(whyNotLive()).runs(() -> giver.give(new Command.Reset())),
        Action.named("new-machine")
            .runs(
                () ->
                    model.change(
                        lab -> {
                          lab.clear();
                          return lab.execute(new Command.StartMachine(Map.of()));
                        },
                        giver::tell)));
  }

  private ObservableValue<String> whyNotLive() {
    return model.factsProperty().map(facts -> facts.live() ? "" : "reason.dump");
  }

  private Action form(String id, String shortcut, BiFunction<FormFacts, Proposal, Form> make) {
    return Action.named(id).shortcut(shortcut).blocked(whyNotLive()).runs(() -> open(make));
  }

  private record Known(FormFacts facts, Proposal near) {}

  private void open(BiFunction<FormFacts, Proposal, Form> make) {
    Subject subject = model.subject();
    long wished = iova();
    model.ask(
        view -> new Known(FormFacts.of(view), Proposal.of(view, subject, wished)),
        known -> open(make.apply(known.facts(), known.near())));
  }

  private void open(Form form) {
    var card = new FormCard(form, texts, giver::give, overlay::close);
    overlay.showBelow(form.id() + "-button", card);
    card.start();
  }

  private Form dma(FormFacts facts, Proposal near) {
    return new DmaForm(
        facts, device(), near.mapped(), texts.get("form.write"), texts.get("form.read"));
  }

  private Form invalidate(FormFacts facts, Proposal near) {
    List<String> scopes =
        Stream.of(Scope.values()).map(scope -> texts.get("form.scope." + scope.name())).toList();
    return new InvalidateForm(facts, scopes, Page.start(near.mapped()));
  }

  /** The address that is selected, or that of the latest request, so that a form starts near it. */
  private long iova() {
    return switch (selection.get()) {
      case Selected.Address(SourceId source, long iova) -> iova;
      case Selected.DomainAddress(int domain, long iova) -> iova;
      default -> model.subject().iova().orElse(0);
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
