package org.iommulab.ui.view.path;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.iommulab.bus.DmaAccess;
import org.iommulab.lab.LabView;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.request.InterruptOutcome;
import org.iommulab.vtd.request.RequestOutcome;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/** Makes a picture of the last request; runs on the laboratory's thread. */
final class PathQuery {

  /** So many stages that a window may show a part of them. */
  private static final int LONG = 10;

  private PathQuery() {}

  /** How long a way is, and where on it the request was stopped. */
  private static Phrase extent(List<Stage> stages) {
    for (int i = 0; i < stages.size(); i++) {
      if (stages.get(i).state() == Stage.State.FAULT) {
        return Phrase.of("view.path.stopped", i + 1, stages.size());
      }
    }
    return Phrase.of("view.path.stages", stages.size());
  }

  static PathAnswer answer(LabView view) {
    Optional<WalkPath> now = view.lastPath();
    Optional<WalkPath> last = now.or(() -> view.machine().flatMap(MachineView::lastPath));
    PathPicture picture = last.map(path -> drawn(path, view)).orElse(null);
    boolean earlier = picture != null && now.isEmpty();
    return new PathAnswer(picture, earlier ? PathAnswer.When.EARLIER : PathAnswer.When.NOW);
  }

  /** What would become of a request. */
  static PathAnswer asked(LabView view, AskedWalk walks, DmaAccess request) {
    PathPicture picture = walks.of(view, request).map(path -> drawn(path, view)).orElse(null);
    return new PathAnswer(picture, PathAnswer.When.ASKED);
  }

  private static PathPicture drawn(WalkPath path, LabView view) {
    TableBrowser tables = view.tables();
    DmaAccess request = path.request();
    Optional<DomainTree> tree = DomainTree.of(tables, request.source(), request.pasid());
    Band band =
        tree.map(use -> BandQuery.around(tables, use, request.address(), view.lastChanges()))
            .orElse(null);
    PathPicture picture = picture(path, band);
    if (!(path.outcome() instanceof Translation.Blocked)) {
      return picture;
    }
    Phrase nearest =
        tree.map(use -> Neighbours.of(use.open(tables), request.address())).orElse(Phrase.NONE);
    return nearest.equals(Phrase.NONE) ? picture : picture.with(nearest);
  }

  /** The picture of a request. */
  static PathPicture picture(WalkPath path, @Nullable Band band) {
    var stages = new ArrayList<Stage>();
    var walked = new HashSet<Walked>();
    for (WalkStep step : path.steps()) {
      boolean asleep = step.outcome() == WalkStep.Outcome.OFF;
      // To set accessed bits the second stage is walked again; the reads count, the picture stays.
      boolean again =
          step.parentLevel() >= 0
              && step.outcome() == WalkStep.Outcome.OK
              && !walked.add(new Walked(step.parentLevel(), step.address()));
      if ((!asleep || step.stage() == WalkStep.Stage.DEVICE_TLB) && !again) {
        stages.add(unlike(StageMaker.stage(step, path, stages.size()), stages));
      }
    }
    var picture =
        new PathPicture(request(path.request()), outcome(path), summary(path), stages, band);
    return stages.size() < LONG ? picture : picture.with(extent(stages));
  }

  /** The unit looks into a cache for the translation request and again for what is sent then. */
  private static Stage unlike(Stage stage, List<Stage> others) {
    return others.stream().anyMatch(other -> other.id().equals(stage.id()))
        ? stage.named(stage.id() + "-" + others.size())
        : stage;
  }

  private record Walked(int parentLevel, long address) {}

  private static Phrase request(DmaAccess request) {
    String key =
        switch (request.kind()) {
          case READ -> "view.path.request.read";
          case WRITE -> "view.path.request.write";
          case EXECUTE -> "view.path.request.execute";
          case ATOMIC -> "view.path.request.atomic";
        };
    var said = new ArrayList<Phrase>();
    said.add(
        Phrase.of(
            key, request.source().toString(), request.length(), Hex.group(request.address())));
    if (request.hasPasid()) {
      said.add(Phrase.of("view.path.pasid", Hex.plain(request.pasid().value())));
    }
    if (request.type() != DmaAccess.AddressType.UNTRANSLATED) {
      said.add(Phrase.of("view.path.type." + request.type().name()));
    }
    return Phrase.join(said, " · ");
  }

  /** Where an interrupt went. */
  private static Mark interrupt(Translation.Interrupt path) {
    return switch (path.interrupt().orElse(null)) {
      case null -> Mark.good(Phrase.of("view.path.interrupt"));
      case InterruptOutcome.Delivered sent ->
          Mark.good(
              Phrase.of(
                  sent.index() == InterruptOutcome.NO_INDEX
                      ? "view.path.interrupt.unchanged"
                      : "view.path.interrupt.remapped",
                  Hex.plain(sent.data() & 0xFF, 2),
                  Hex.plain(sent.index())));
      case InterruptOutcome.Posted posted ->
          Mark.good(
              Phrase.of(
                  "view.path.interrupt.posted",
                  Hex.plain(posted.vector(), 2),
                  Hex.group(posted.descriptor())));
      case InterruptOutcome.Blocked blocked ->
          Mark.bad(
              Phrase.of(
                  "view.path.blocked",
                  Hex.plain(blocked.reason().code(), 2),
                  FaultWords.text(blocked.reason())));
    };
  }

  private static Mark outcome(WalkPath path) {
    return switch (path.outcome()) {
      case Translation.Done done ->
          done.memory()
              ? Mark.good(Phrase.of("view.path.done", Hex.group(done.address())))
              : Mark.caution(Phrase.of("view.path.nothing", Hex.group(done.address())));
      case Translation.Blocked blocked ->
          Mark.bad(
              Phrase.of(
                  blocked.cached() ? "view.path.blocked.cached" : "view.path.blocked",
                  Hex.plain(blocked.reason().code(), 2),
                  FaultWords.text(blocked.reason())));
      case Translation.Interrupt interrupt -> interrupt(interrupt);
      case Translation.Aborted _ -> Mark.bad(Phrase.of("view.path.aborted"));
      case RequestOutcome.Denied _ -> Mark.caution(Phrase.of("view.path.denied"));
      case RequestOutcome.Refused _ -> Mark.bad(Phrase.of("view.path.refused"));
    };
  }

  private static Phrase summary(WalkPath path) {
    long tables =
        path.steps().stream().filter(step -> isPaging(step) && step.address() >= 0).count();
    long others = path.reads() - tables;
    boolean reached = path.outcome() instanceof Translation.Done;
    boolean missed =
        path.steps().stream()
            .anyMatch(
                step ->
                    step.stage() == WalkStep.Stage.IOTLB
                        && step.outcome() == WalkStep.Outcome.MISS);
    List<Phrase> parts = new ArrayList<>();
    if (others > 0) {
      parts.add(Phrase.of("view.path.entryReads", others));
    }
    boolean known =
        path.steps().stream()
            .anyMatch(
                step ->
                    step.stage() == WalkStep.Stage.DEVICE_TLB
                        && step.outcome() == WalkStep.Outcome.HIT);
    parts.add(
        known && tables == 0
            ? Phrase.of("view.path.deviceTlb")
            : Phrase.of("view.path.tableReads", tables));
    if (reached && missed) {
      parts.add(Phrase.of("view.path.fill", 1));
    }
    return Phrase.join(parts, " · ");
  }

  static boolean isPaging(WalkStep step) {
    return step.stage() == WalkStep.Stage.FIRST_STAGE
        || step.stage() == WalkStep.Stage.SECOND_STAGE;
  }

  /** The facts worth a line: place in the cache and domain, or the first two. */
  static Phrase facts(WalkStep step) {
    return Phrase.join(
        step.facts().stream()
            .filter(fact -> !fact.name().equals("way"))
            .limit(2)
            .map(PathQuery::words)
            .toList(),
        " · ");
  }

  /** Domain ids are in hexadecimal everywhere in the window. */
  private static Phrase words(WalkStep.Fact fact) {
    boolean domain = fact.name().equals("domain") && fact.value().matches("[0-9]{1,5}");
    return domain
        ? Phrase.literal("did " + Hex.plain(Integer.parseInt(fact.value()), 2))
        : Phrase.join(
            List.of(Phrase.english("fact.", fact.name()), Phrase.english("fact.", fact.value())),
            " ");
  }
}
