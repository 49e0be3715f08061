package org.iommulab.ui.view.path;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.iommulab.bits.Layout;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.request.Translation;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.request.WalkStep;
import org.jspecify.annotations.Nullable;

/** Makes the card of one step. */
final class StageMaker {

  private StageMaker() {}

  static Stage stage(WalkStep step, WalkPath path, int index) {
    Stage.State state = state(step);
    String id = step.stage().name().toLowerCase(Locale.ROOT).replace('_', '-');
    boolean paging = PathQuery.isPaging(step);
    boolean host = step.parentLevel() >= 0 && step.stage() == WalkStep.Stage.SECOND_STAGE;
    return new Stage(
        paging ? "level-" + index : id,
        host ? Phrase.literal(table(step.level())) : title(step),
        state,
        mark(step, state),
        place(step, path),
        host && step.reason() == null ? Phrase.literal(target(step)) : detail(step, path),
        host,
        read(step));
  }

  private static Stage.State state(WalkStep step) {
    return switch (step.outcome()) {
      case HIT -> Stage.State.HIT;
      case MISS -> Stage.State.MISS;
      case OK -> Stage.State.PASSED;
      case NARROWED -> Stage.State.NARROWED;
      case FAULT -> Stage.State.FAULT;
      case OFF -> Stage.State.OFF;
    };
  }

  private static Phrase title(WalkStep step) {
    if (!PathQuery.isPaging(step)) {
      return Phrase.of("view.stage." + step.stage().name().toLowerCase(Locale.ROOT));
    }
    if (step.address() < 0) {
      return Phrase.literal(table(step.level()));
    }
    String entry = table(step.level()) + " [" + index(step) + "]";
    return isLeaf(step) ? Phrase.of("view.stage.leaf", entry) : Phrase.literal(entry);
  }

  private static String index(WalkStep step) {
    return Hex.plain(step.address() >>> 3 & 511);
  }

  private static String table(int level) {
    return switch (level) {
      case 1 -> "PT";
      case 2 -> "PD";
      case 3 -> "PDPT";
      case 4 -> "PML4";
      default -> "PML5";
    };
  }

  /** Caches, refusals and narrowed rights wear a tag; entries that are fine show their address. */
  private static @Nullable Mark mark(WalkStep step, Stage.State state) {
    return switch (state) {
      case HIT, MISS, NARROWED -> new Mark(state.role(), state.symbol(), state.word());
      case FAULT -> {
        var reason = step.reason();
        yield Mark.bad(
            reason == null
                ? state.word()
                : Phrase.of("view.path.reason", Hex.plain(reason.code(), 2)));
      }
      case PASSED, OFF -> null;
    };
  }

  /** What a translation request asks for, its answer, and what is sent then, in a line each. */
  private static Phrase message(WalkStep step, String fact) {
    return step.facts().stream()
        .filter(known -> known.name().equals(fact))
        .findFirst()
        .map(known -> Phrase.english("fact.", known.value()))
        .orElse(Phrase.NONE);
  }

  private static Phrase place(WalkStep step, WalkPath path) {
    if (step.address() >= 0) {
      return Phrase.literal(Hex.plain(step.address()));
    }
    return switch (step.stage()) {
      case DEVICE -> Phrase.literal(path.request().source().toString());
      case MEMORY, OUTPUT ->
          address(path) < 0
              ? Phrase.NONE
              : Phrase.of("view.tree.frame", Hex.plain(Page.number(address(path))));
      case TRANSLATION_REQUEST -> message(step, "page");
      case SENT -> message(step, "address");
      default -> step.outcome() == WalkStep.Outcome.OFF ? Phrase.of("view.path.off") : Phrase.NONE;
    };
  }

  private static Phrase detail(WalkStep step, WalkPath path) {
    var reason = step.reason();
    if (reason != null) {
      return FaultWords.text(reason);
    }
    if (step.stage() == WalkStep.Stage.DEVICE) {
      return Phrase.of("view.stage.bytes." + path.request().kind().name(), path.request().length());
    }
    if (step.stage() == WalkStep.Stage.TRANSLATION_REQUEST) {
      return Phrase.of("view.stage.asks", message(step, "rights"));
    }
    if (step.stage() == WalkStep.Stage.SENT) {
      return Phrase.english("view.stage.", step.title());
    }
    if (step.stage() == WalkStep.Stage.COMPLETION && !step.quadwords().isEmpty()) {
      long entry = step.quadwords().getFirst();
      String to = Hex.plain(Page.number(TranslationEntry.ADDR.get(entry)));
      return Phrase.join(
          List.of(
              Phrase.literal(step.outcome() == WalkStep.Outcome.OK ? "→ " + to : "→ –"),
              message(step, "rights")),
          " ");
    }
    if (step.stage() == WalkStep.Stage.MEMORY && address(path) >= 0) {
      return Phrase.literal(Hex.plain(address(path)));
    }
    Layout layout = step.layout();
    if (layout == ContextEntry.LAYOUT && step.quadwords().size() > 1) {
      return Phrase.literal(context(step.quadwords().get(1)));
    }
    if (PathQuery.isPaging(step) && layout != null && !step.quadwords().isEmpty()) {
      return Phrase.literal(paging(step, layout));
    }
    return PathQuery.facts(step);
  }

  /** {@code did 21 AW48}. */
  private static String context(long high) {
    long[] entry = {0, high};
    String domain = Hex.plain(ContextEntry.DID.get(entry), 2);
    return "did " + domain + " AW" + (30 + 9 * ContextEntry.AW.get(entry));
  }

  private static long address(WalkPath path) {
    return path.outcome() instanceof Translation.Done done ? done.address() : -1;
  }

  /** {@code → 10A001 RW}, {@code 2M RW SNP}. */
  private static String paging(WalkStep step, Layout layout) {
    long entry = step.quadwords().getFirst();
    var words = new StringJoiner(" ");
    if (isLeaf(step)) {
      words.add(size(step.level()));
    } else {
      words.add("→ " + Hex.plain(Page.number(entry & 0x000F_FFFF_FFFF_F000L)));
    }
    boolean first = step.stage() == WalkStep.Stage.FIRST_STAGE;
    words.add(
        first
            ? (FirstStageEntry.P.isSet(entry) ? "P" : "")
                + (FirstStageEntry.RW.isSet(entry) ? "W" : "")
            : (SecondStageEntry.R.isSet(entry) ? "R" : "")
                + (SecondStageEntry.W.isSet(entry) ? "W" : ""));
    if (!first && isLeaf(step) && SecondStageEntry.SNP.isSet(entry)) {
      words.add(layout.fields().contains(SecondStageEntry.SNP) ? "SNP" : "");
    }
    return words.toString().strip();
  }

  /** Where an entry leads, in as few figures as a narrow line has room for. */
  private static String target(WalkStep step) {
    return step.quadwords().isEmpty()
        ? ""
        : "→ " + Hex.plain(Page.number(step.quadwords().getFirst() & 0x000F_FFFF_FFFF_F000L));
  }

  private static String size(int level) {
    return switch (level) {
      case 1 -> "4K";
      case 2 -> "2M";
      default -> "1G";
    };
  }

  private static boolean isLeaf(WalkStep step) {
    Layout layout = step.layout();
    return layout != null && layout.name().endsWith("page");
  }

  private static Stage.@Nullable EntryRead read(WalkStep step) {
    Layout layout = step.layout();
    boolean there = step.address() >= 0 && layout != null;
    if (!there || layout == null) {
      return null;
    }
    String title =
        PathQuery.isPaging(step) ? table(step.level()) + " [" + index(step) + "]" : step.title();
    return new Stage.EntryRead(step.address(), layout, title);
  }
}
