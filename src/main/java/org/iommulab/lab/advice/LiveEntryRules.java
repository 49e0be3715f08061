package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.words.Bilingual;

/** Entries that are rewritten while the unit may read them: H12, H19. */
final class LiveEntryRules {

  private final int number;
  private final Shadow shadow;

  /** Words that the command stored to each entry that binds a requester. */
  private final Map<Long, Integer> words = new HashMap<>();

  LiveEntryRules(int number, Shadow shadow) {
    this.number = number;
    this.shadow = shadow;
  }

  /** Another command begins. */
  void clear() {
    words.clear();
  }

  /** A word of a context or PASID entry was stored. */
  void stored(long entry) {
    words.merge(entry, 1, Integer::sum);
  }

  /** H12: a large page became a table, or a table a large page, in one store. */
  void resized(Step step, TableFrame place, PhysicalMemory.Change change, boolean wasLarge) {
    Bilingual page = Wording.LARGE_PAGE.with(place.reach() >>> 20);
    Bilingual table = Wording.A_TABLE.with();
    long iova = place.iova(change.address());
    var fix = new ArrayList<String>();
    fix.add(Remedy.write(change.address(), 0));
    fix.addAll(Remedy.pages(step, number, place.domain(), iova, iova + place.reach() - 1));
    fix.add(Remedy.write(change.address(), change.after()));
    step.raise(
        "H12",
        change.address(),
        List.of(Evidence.command(step.number()), Evidence.entry(change.address())),
        fix,
        Digits.bare(iova),
        place.domain(),
        wasLarge ? page : table,
        wasLarge ? table : page);
  }

  /** H19: entries that were live while more than one of their words was stored. */
  void torn(Step step) {
    words.forEach(
        (entry, stored) -> {
          boolean live =
              shadow.bindings().stream().anyMatch(b -> b.entry() == entry)
                  || shadow.isScalable() && wasLive(step, entry);
          boolean stays = (step.rig().machine().memory().readQword(entry) & 1) != 0;
          if (stored > 1 && live && (shadow.isScalable() || stays)) {
            step.raise(
                "H19",
                entry,
                List.of(Evidence.command(step.number()), Evidence.entry(entry)),
                List.of(),
                owner(step, entry),
                Digits.bare(entry),
                stored);
          }
        });
  }

  private static boolean wasLive(Step step, long entry) {
    return step.changes().at(entry).filter(change -> (change.before() & 1) != 0).isPresent();
  }

  private Object owner(Step step, long entry) {
    return shadow.bindings().stream()
        .filter(b -> b.entry() == entry)
        .findFirst()
        .<Object>map(b -> b.who(step))
        .orElseGet(Wording.REQUESTER::with);
  }
}
