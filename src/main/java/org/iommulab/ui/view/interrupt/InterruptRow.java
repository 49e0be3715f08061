package org.iommulab.ui.view.interrupt;

import org.iommulab.bits.Layout;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;

/**
 * A remapping entry, or the posted descriptor that the entry above leads to.
 *
 * @param key {@code 5}, or {@code pd-5} for a descriptor; indexes are hexadecimal
 * @param address physical address
 * @param layout what its bits mean
 * @param title short name such as {@code IRTE [5]}
 * @param state present or not, remapped or posted
 * @param vector the vector
 * @param target whom it interrupts
 * @param delivery how
 * @param source who may use it
 * @param raw its bits
 * @param changed the last command changed it
 */
record InterruptRow(
    String key,
    long address,
    Layout layout,
    String title,
    Figure state,
    String vector,
    Figure target,
    Phrase delivery,
    Figure source,
    String raw,
    boolean changed) {}
