/**
 * The forms behind Map…, Unmap…, Send DMA… and Invalidate…: fields that are checked while typed,
 * the command that will be given, and the button that gives it. May import {@code ui}, {@code
 * ui.action}, {@code ui.busy}, {@code ui.view.lookup} and the floors below.
 */
package org.iommulab.ui.form;
