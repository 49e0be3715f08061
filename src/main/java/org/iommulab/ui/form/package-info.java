/**
 * The forms behind Map…, Unmap…, Send DMA… and Invalidate…: fields that are checked while typed,
 * the command that will be given, and the button that gives it. Imports {@code ui} and the
 * laboratory.
 */
package org.iommulab.ui.form;
