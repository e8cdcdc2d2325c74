// A message of each kind by the SDK method that sends it, and messages with further fields.
const image = { url: 'https://shop.example.com/tea.jpg', thumbnail_url: 'https://shop.example.com/small.jpg' };
const choices = [
  { text_message: { text: 'Yes' }, postback_data: 'yes' },
  { url_message: { title: 'Shop', url: 'https://shop.example.com/?a=b&c=d' } },
  { call_message: { title: 'Call us', phone_number: '15550001111' } },
];
const coordinates = { latitude: 55.604, longitude: 13.001 };

const parameters = { name: 'Åsa' };
const product = { id: 'sencha-100', marketplace: 'FACEBOOK', quantity: 1, item_price: 49.5, currency: 'SEK' };

export const kinds = {
  sendTextMessage: { text_message: { text: 'Hej! 5 > 4 & "så" 🚀\nsecond line' } },
  sendMediaMessage: { media_message: { ...image, filename_override: 'tea.jpg' } },
  sendCardMessage: {
    card_message: { title: 'Tea', description: 'Green', media_message: image, height: 'MEDIUM', choices },
  },
  sendListMessage: {
    list_message: {
      title: 'Teas',
      description: 'What we have',
      sections: [
        {
          title: 'Green',
          items: [
            { choice: { title: 'Sencha', description: 'from Japan', media: image, postback_data: 'sencha' } },
            { choice: { title: 'Gunpowder', postback_data: 'gunpowder' } },
          ],
        },
        { title: 'Black', items: [{ choice: { title: 'Assam' } }] },
      ],
      message_properties: { menu: 'Choose' },
    },
  },
  sendTemplateMessage: {
    template_message: {
      omni_template: { template_id: '01F8MECHZX3TBDSZ7XRADM79XE', version: '2', language_code: 'sv', parameters },
    },
  },
  sendChoiceMessage: { choice_message: { text_message: { text: 'Tea?' }, choices } },
  sendCarouselMessage: {
    carousel_message: { cards: [{ title: 'Tea', choices }, { title: 'Coffee', media_message: image }], choices },
  },
  sendLocationMessage: { location_message: { title: 'The shop', label: 'Malmö', coordinates } },
  sendContactInfoMessage: {
    contact_info_message: {
      name: { full_name: 'Åsa Svensson', first_name: 'Åsa' },
      phone_numbers: [{ phone_number: '15550001111', type: 'WORK' }],
    },
  },
};

export const others = {
  'a list of products': {
    list_message: {
      title: 'Teas',
      sections: [{ title: 'Green', items: [{ product }] }],
      message_properties: { catalog_id: 'teas' },
    },
  },
  'a template of a channel': {
    template_message: { channel_template: { WHATSAPP: { template_id: 'parcel', language_code: 'sv', parameters } } },
  },
  'a text with an agent': {
    text_message: { text: 'This is Kim' },
    agent: { display_name: 'Kim', type: 'HUMAN', picture_url: 'https://shop.example.com/kim.jpg' },
  },
  'a text with another message for a channel': {
    text_message: { text: 'Tea?' },
    explicit_channel_message: { TELEGRAM: '{"method": "sendMessage"}' },
    explicit_channel_omni_message: { WHATSAPP: { choice_message: { text_message: { text: 'Tea?' }, choices } } },
  },
};
